"""Windows, boarding and the inside of the home."""

from redflags.simulation.vocabulary import Topic, Wording

PHRASES: dict[tuple[Topic, Wording], str] = {
    (Topic.WINDOW, Wording.PLAIN): """
        {do} {glass} {room} {size}
        {glass} cracked {room} {size}
        DGU misted {room} {size}
        reglaze {room} window {size}
        broken window {room} {size}
        window hinges {wear} {room}
        window handle {wear} {room}
        {fix} window {room} wont shut
        {glass} broken {side} {size}
        measure & order {glass} {room}
        ball thru window {room} {size}
        {do} beading to {glass} {room}
        window broken by ten's child {room}
        {glass} to {ext} cracked {size}
        trickle vent {room} broken
    """,
    (Topic.WINDOW, Wording.TELL): """
        {kin} smashed window {room} {size}
        {kin} put brick thru {side} window
        {glass} smashed {room}, {kin} had been drinking
        window punched out {room} {size}
        all windows {side} smashed by {kin}
        glass smashed from inside during argument {room}
        {who} frightened, window put in {side} at night
        domestic, {glass} smashed {ext}
    """,
    (Topic.WINDOW, Wording.BURGLARY): """
        burglary window {room} smashed {crn}
        break in thru {room} window {crn}
        reglaze {room} after burglary {crn}
        window jemmied {side} {crn}
    """,
    (Topic.WINDOW, Wording.STORM): """
        storm damage {glass} {room}
        wind blown window off {room} {size}
        trampoline blown into {side} window
        tile thru {room} window in gale
    """,
    (Topic.WINDOW, Wording.VANDALISM): """
        windows smashed in block, vandals
        vandalism {glass} {side} {size}
        youths threw stones {glass} {side}
        stairwell & flat windows broken by kids
    """,
    (Topic.BOARDING, Wording.PLAIN): """
        board up window {room}
        b/up {side} window {size}
        m/safe b/up {ext}
        make safe glass {room}
        temp glazing film {room} {size}
        m/safe broken glass {side}
        board {side} window pending reglaze
    """,
    (Topic.BOARDING, Wording.TELL): """
        m/safe b/up {ext} kicked in by {kin}
        b/up {side} window {kin} put it through
        OOH board up, police att, domestic
        make safe after attack by {kin} {ext}
        b/up {room}, {who} in fear, {kin} outside
    """,
    (Topic.BOARDING, Wording.VANDALISM): """
        b/up block entrance & flat, vandals
        vandalism m/safe b/up {side}
        board up several windows, youths
    """,
    (Topic.INSIDE, Wording.PLAIN): """
        {int} {wear} {fix}
        {do} {int} {size}
        {int} {hinge} {wear}
        {fix} {int}
        {do} latch {int}
        {do} lock bathroom dr
        bthrm dr lock {wear}
        hinges loose {int}
        {int} damaged {do}
        hole in {int} {size}
        {int} rubbing on carpet, trim
        hang new {int} {size}
        {int} frame split {fix}
        hole in wall {room} patch {size}
        plasterboard damaged {room} {size}
        child locked in bthrm, {do} lock
        {int} broken panel {size}
        {int} not kicked, worn hinge, {fix}
    """,
    (Topic.INSIDE, Wording.TELL): """
        {int} kicked in
        int dr kicked in {size}
        holes punched in {int}
        punch hole {int} & wall {room}
        fist hole in wall {room} {size}
        {int} kicked through by {kin}
        {int} smashed off hinges in argument
        bthrm dr forced, {who} had locked self in
        {kin} punched hole {int}
        kick marks {int}, frame split
        2 no int drs smashed, {who} upset
        {do} {int} damaged in domestic
    """,
}
