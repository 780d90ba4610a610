"""Everyday trades. Full of words that mean something else elsewhere: lock, door, glass, force."""

from redflags.simulation.vocabulary import Topic, Wording

PHRASES: dict[tuple[Topic, Wording], str] = {
    (Topic.PLUMBING, Wording.PLAIN): """
        leak under sink {room}
        clear blockage to {room} basin
        blockage wc, rod & test
        airlock in hot water {room}
        air lock to tank fed hot taps
        tap dripping {room}, {do} washers
        {do} kit mixer tap
        {do} stopcock seized under sink
        stopcock stiff - {fix}
        wc not flushing {do} syphon
        {do} wc pan & seat, cracked
        overflow running {side} elev
        shower tray leaking into {room} below
        {do} bath waste and trap
        water pressure low, poor force at shower
        basin loose from wall {room}
        {do} washing m/c valve
        seal round bath {size}
        burst pipe {room} - isolate & {fix}
        water forced back up through shower waste
        inside wc cistern cracked lid
        toilet door side pipe dripping
        punch list item: refix basin pedestal
    """,
    (Topic.HEATING, Wording.PLAIN): """
        no heating or hot water
        boiler lockout F1, reset and test
        boiler locking out overnight
        {do} time clock to heating
        time clock / programmer not working
        boiler pressure dropping {fix}
        rad cold {room} - bleed & balance
        {do} TRV {room}
        airlock in rads upstairs
        immersion not heating {do} element
        {do} room stat {room}
        domestic gas check following complaint
        domestic hot water cyl lagging jacket
        pump noisy, {do}
        hot water cyl leaking {size}
        gas fire {room} isolate & cap
        flue terminal guard loose {side}
        {do} interlocking valve on heating manifold
        boiler making banging noise, kettling
        storage heater {room} not charging
        controls interlock fault {who} no htg
        partner contractor to attend boiler warranty
    """,
    (Topic.ELECTRICS, Wording.PLAIN): """
        no power to sockets {room}
        {do} light fitting {room}
        lights tripping {room}
        {do} pull cord bthrm
        smoke alarm beeping {do} battery
        {do} hard wired smoke {room}
        extractor fan noisy {room} {fix}
        cooker switch cracked {room}
        outside light {side} not working
        socket loose from wall {room}
        {do} door bell push {side}
        door entry handset dead {room}
        immersion time clock faulty {do}
        RCD trips when shower used
        consumer unit cover broken {fix}
        timeclock to stair lights {fix}
        shaver light {room} {do}
        forced air vent fan {room} not running
        TV aerial socket loose {room}
        CO alarm end of life {do}
        broken light switch {room}, no damage to wiring
        ex stock fitting {do} {room}
    """,
    (Topic.KITCHEN, Wording.PLAIN): """
        kitchen unit door dropped {fix}
        kit unit door hinges broken {size}
        {do} kick plate to base unit
        kick plate loose under sink
        kickboard missing {size}
        {do} worktop section {size}
        drawer front off, {fix}
        wall unit door off kit {fix}
        cupboard dr hinge {wear}
        base unit swollen {do}
        sink unit door {wear}
        {do} drawer runners {size}
        glazed tile splashback cracked {size}
        retile behind cooker, glazed tiles {size}
        larder cupboard catch {wear}
        plinth & kick strip {do}
        broken hinge to unit dr {room}
    """,
    (Topic.DAMP, Wording.PLAIN): """
        damp and mould {room}
        mould wash {room} walls
        {who} fears damp behind wardrobe {room}
        condensation windows {room}, advise
        plaster blown {room} {size}
        patch plaster {size} {room}
        damp patch chimney breast {room}
        hole in plaster left by old pipe {room}
        blockwork damp {side} elev, insp
        {do} air vent {room}
        treat mould & stain block {room}
        crack in wall {room}, monitor
        skirting rotted {room} {size}
        silver fish & damp {room}
    """,
    (Topic.ROOF, Wording.PLAIN): """
        roof leak into {room}
        slipped tiles {side} elev {size}
        interlocking tiles missing {size}
        {do} interlocking tile x2 {side}
        finlock gutter leaking at joint {side}
        finlock gutters line & seal
        gutter blocked {side} clear
        gutter joint leaking {side}
        {do} downpipe {side} {size}
        ridge tile loose
        flat roof porch leaking {fix}
        fascia board rotten {side} {size}
        lead flashing lifted {side}
        chimney pot cowl missing
        soffit vent damaged by birds
    """,
    (Topic.DRAINS, Wording.PLAIN): """
        blocked drain {side}
        clear blockage main run
        blockage to gully {side}
        manhole cover broken {side}
        foul smell drains {side}
        rod drain & jet
        soil pipe cracked {side} {size}
        gully overflowing {side} garden
        sewage backing up, blockage suspected
        blocked stack {size}
        CCTV drain, interlocked roots
        {do} gully grate {size}
    """,
    (Topic.OUTSIDE, Wording.PLAIN): """
        fence panel down {side} {size}
        gate latch {wear} {side}
        gate off hinges {side} {fix}
        path uneven trip hazard {side}
        {do} fence post {size}
        hand rail loose {side} steps
        step broken {side} ent
        rotary line post loose
        paving block work lifted {side}
        wall leaning {side} garden
        tree overhanging {side}
        brickwork repoint {side} {size}
        bin store door dropped
        garden gate lock {wear}
    """,
    (Topic.FLOORS, Wording.PLAIN): """
        floor boards loose {room}
        {do} vinyl tiles {room} {size}
        floorboard broken {room} {fix}
        threshold strip {room} lifting
        stair tread creaking {fix}
        bannister spindle loose {size}
        skirting off {room} {size}
        loft hatch catch {wear}
        screed patch {room} {size}
        kick board on stairs loose
    """,
    (Topic.STORE, Wording.PLAIN): """
        shed door lock {wear}
        {do} lock to brick shed
        meter cupboard lock {do}
        meter cupbd door missing
        garage door jammed {fix}
        garage lock {do}
        shed window cracked {size}
        outhouse dr hinge broken
        gas meter box door {do}
        store door rotted {size}
        bin shed hasp & padlock {do}
        garage door forced open by wind, {fix}
    """,
    (Topic.VISIT, Wording.PLAIN): """
        gas service no access, carded
        LGSR visit N/A
        annual gas check - no reply
        n/a 2nd visit gas svc
        smoke alarm test no access
        EICR no access card left
        service appt missed
        {who} refused entry for service
        asbestos survey n/a
        stock condition visit no reply
    """,
}
