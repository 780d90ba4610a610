"""Locks, outside doors and security: everyday wear, mishaps, and what is said when it is not."""

from redflags.simulation.vocabulary import Topic, Wording

PHRASES: dict[tuple[Topic, Wording], str] = {
    (Topic.LOCK, Wording.PLAIN): """
        {do} {lk} {ext}
        {lk} {wear} {ext}
        c/o lock {side} dr
        lock change {ext}
        key snapped in {lk} {ext}
        key wont turn {ext} {do} {lk}
        {do} {lk}, {who} unable to secure
        {lk} seized, wd40 tried, {do}
        change {side} dr lock as {wear}
        {ext} wont lock {do} mech
        gearbox gone m/point lock {ext}
        {do} handle & cyl {ext}
        LC req {ext}
    """,
    (Topic.LOCK, Wording.TELL): """
        {kin} has keys {do} {lk} {ext}
        FED ex has keys
        c/o LC frnt dr - {kin} still has key
        {who} scared {kin} will get in, {do} {lk}
        lock change {kin} moved out & has keys
        {lk} forced by {kin} {ext}
        urgent LC {who} frightened, {kin} been back
        {kin} kicked off lock {ext}, {do}
        LC police on site, domestic
        {do} {lk} domestic incident last night
        {who} does not feel safe LC all drs
        c/o locks {kin} threatened {who}
    """,
    (Topic.LOCK, Wording.LOST_KEY): """
        c/o LC frnt dr {who} lost keys
        {who} lost keys {do} {lk}
        lost keys gain entry & {do} {lk}
        locked out keys lost {ext}
        keys lost in town, {do} {lk} {ext}
        lost key {ext} LC recharge
        handbag stolen w keys, LC
        {who} mislaid keys - {do} cyl
        no keys {who} locked out LC {ext}
    """,
    (Topic.LOCK, Wording.RELET): """
        relet LC {ext}
        new tenancy lock change
        void c/o locks for new ten
        {do} {lk} prior to sign up
        lettings - {do} {lk} 3 keys to office
        lock change for new let
        new ten {do} {lk} {side} & rear
        mutual exchange LC {ext}
    """,
    (Topic.LOCK, Wording.SERVICES): """
        LC after {svc}
        {svc} {do} {lk} following forced entry
        forced entry for {svc}, {do} {lk}
        warrant {svc} LC & keys to office
        door opened by {svc} LC req
        careline no response, entry gained, {do} {lk}
    """,
    (Topic.LOCK, Wording.BURGLARY): """
        burglary {do} {lk} {crn}
        break in last night LC {ext} {crn}
        attempted burglary lock damaged {crn}
        {lk} forced by burglars {crn}
        {do} {lk} after break-in, {crn}
    """,
    (Topic.LOCK, Wording.VANDALISM): """
        glue in {lk} {ext}, several flats
        {lk} vandalised block, {do}
        vandals - {lk} {ext} {do}
        youths damaged {lk} {do}
    """,
    (Topic.LOCK, Wording.SANCTUARY): """
        sanctuary scheme {do} {lk} {ext}
        Sanctuary works - {lk} {ext} & rear
        target hardening LC {ext} per hsg officer
        sanctuary ref, upgrade {lk} to {ext}
    """,
    (Topic.LOCK, Wording.EVICTION): """
        eviction w bailiff 10am LC
        attend eviction & {do} {lk}
        bailiff appt {do} locks {side} & rear
        possession warrant LC secure
    """,
    (Topic.LOCK, Wording.ABANDONED): """
        abandoned property LC & secure
        ten abandoned, {do} {lk}, post piled up
        ppty abandoned c/o lock
        believed abandoned, NTQ served, LC
        abandonment - gain entry & {do} {lk}
    """,
    (Topic.DOOR, Wording.PLAIN): """
        {ext} {wear} {fix}
        {fix} {ext}
        {ext} {hinge} {wear}
        {do} {hinge} {ext}
        {ext} dropped catching on frame
        draught round {ext}, {do} seal
        {ext} swollen plane & ease
        {do} letterplate {ext}
        {ext} frame rotten splice {size}
        door closer {ext} {fix}
        panel cracked {ext} {size}
        {ext} damaged {do}
        {do} {ext} & frame
        broken hinge {ext}
        {ext} not kicked in, hinge worn, {fix}
        no damage to frame, {fix} {ext}
        {ext} misaligned keeps adj
        kick plate to {ext} loose
        dog scratched {ext} {size}
    """,
    (Topic.DOOR, Wording.TELL): """
        {ext} kicked in {fix}
        {ext} kicked in by {kin}
        {ext} forced, frame split {size}
        frame repair forced entry {ext}
        {kin} tried to break dr down {ext}
        {ext} smashed by {kin}, m/safe
        boot marks {ext}, panel split
        door put thru by {kin} {ext}
        {ext} kicked off hinges, police att
        {who} v upset, {ext} booted in
        {ext} rammed, {kin} arrested, make secure
    """,
    (Topic.DOOR, Wording.SERVICES): """
        gain access {svc}
        {ext} forced by fire brigade {fix}
        {svc} - frame damaged, {fix} {ext}
        make good {ext} after {svc}
        gaining entry w careline, {ext}
        ambulance forced {ext}, {who} fallen, {fix}
    """,
    (Topic.DOOR, Wording.BURGLARY): """
        {ext} kicked in burglary {crn}
        burglary {ext} frame split {crn}
        {ext} jemmied {crn}
        break in - {ext} forced {crn}
        attempted break-in {fix} {ext} {crn}
        police att burglary, secure {ext} {crn}
    """,
    (Topic.DOOR, Wording.STORM): """
        storm - {ext} blown off hinges
        wind damage {ext} {fix}
        high winds caught {ext} {hinge} bent
        storm dmg {ext} leaking
    """,
    (Topic.DOOR, Wording.VANDALISM): """
        vandals kicked {ext} in block
        vandalism {ext} several flats
        youths kicking doors on landing {fix} {ext}
        graffiti & kick marks {ext}, whole landing
    """,
    (Topic.DOOR, Wording.SANCTUARY): """
        sanctuary - fit reinforced {ext}
        sanctuary works london bar {ext}
        target hardening {ext} hinge bolts
    """,
    (Topic.SECURITY, Wording.PLAIN): """
        fit spyhole {ext}
        {do} door viewer {ext}
        door chain {ext} s/f
        fit chain & viewer {ext}
        {do} security chain {wear}
        window locks {room} s/f {size}
        letterplate cowl fit
        letterbox guard {ext}
        {who} req security light {side}
        bolt to {ext} top & btm
        fit key safe {side}
    """,
    (Topic.SECURITY, Wording.TELL): """
        fit chain {ext} {kin} turning up
        {who} scared, spyhole & chain req {ext}
        fireproof letterbox, threats from {kin}
        letterplate cowl {who} fears petrol thru door
        {kin} watching house, sec light {side}
        extra bolts {who} afraid of {kin}
        window locks {room}, {kin} climbed in
        police advise target harden, {kin} released
    """,
    (Topic.SECURITY, Wording.SANCTUARY): """
        sanctuary scheme chain & viewer {ext}
        sanctuary works letterplate cowl
        sanctuary ref - window locks {room} {size}
        Sanctuary: fireproof letterbox & smoke alarm
        target hardening order, sec light {side}
    """,
}
