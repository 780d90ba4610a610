"""Works that the landlord orders: empty homes, programmes, adaptations, blocks; storms, fires."""

from redflags.simulation.vocabulary import Topic, Wording

PHRASES: dict[tuple[Topic, Wording], str] = {
    (Topic.ROOF, Wording.STORM): """
        storm damage tiles off {side}
        tiles blown off in high wind {size}
        storm - gutter down {side}
        gale damage ridge tiles
        roof leak after storm {room}
    """,
    (Topic.OUTSIDE, Wording.STORM): """
        fence blown down in storm {side} {size}
        storm damage fence panels {size}
        tree branch down after gale {side}
        wind took gate off {side}
    """,
    (Topic.VOID_WORKS, Wording.PLAIN): """
        void clear & clean
        void full decs {room}
        void - {do} {int}, damaged by prev ten
        void int drs x4 {do}
        void patch plaster {room} {size}
        void elec check
        void gas cap & test
        void {do} kit units {size}
        void reglaze {room} {size}
        void {fix} {ext}
        void bathrm suite {do}
        void rubbish 2 loads, garden clear
        void deep clean, door kicked in by last ten {do}
    """,
    (Topic.SCREENS, Wording.PLAIN): """
        fit security screens void
        sitex screens {side} & rear
        void screen all openings
        steel door & screens to empty ppty
        remove screens void ready
    """,
    (Topic.FIRE_DOOR, Wording.PLAIN): """
        FD30 flat entrance door programme
        fire door replacement prog blk
        FED FD30S renew, programme
        fire door prog {do} flat ent door set
    """,
    (Topic.NEW_WINDOWS, Wording.PLAIN): """
        window replacement programme
        planned upvc windows whole house
        windows prog {do} all
        DGU replacement contract, all elevations
    """,
    (Topic.NEW_DOOR, Wording.PLAIN): """
        composite door programme {side} & rear
        planned door renewal
        {do} front door, door prog
    """,
    (Topic.NEW_KITCHEN, Wording.PLAIN): """
        kitchen renewal programme
        planned kit replacement
        decent homes kitchen & rewire
    """,
    (Topic.ADAPTATION, Wording.PLAIN): """
        OT rec grab rails {room} {size}
        DA widen {int}
        adaptation - level access shower
        DA ramp {side} {size}
        OT lever taps {room}
        key safe fit {side} OT
        DA door opener {ext}
        half step & rails {ext}
        DA {do} {ext} wider for w/chair
        DA intercom & lock release {ext}
        minor adapt stair rail {size}
    """,
    (Topic.COMMUNAL, Wording.PLAIN): """
        communal door lock {wear}
        main ent dr to block {wear} {fix}
        communal glz smashed {size}
        door entry fault whole block
        comm lights out {side} stairs
        bin store door lock {do}
        communal dr closer {fix}
        lift out of order
        comm window broken 1st flr {size}
        fire door on landing {fix}
        block entrance kicked in m/safe
        comm area graffiti clean
    """,
    (Topic.FIRE, Wording.PLAIN): """
        fire damage reinstate {room}
        reinstatement after fire, insurance
        fire & smoke damage full works
    """,
}
