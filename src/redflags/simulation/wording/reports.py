"""Noise and ASB reports, homelessness presentations, staff concerns, reasons of lock changes."""

from redflags.simulation.vocabulary import Topic, Wording

PHRASES: dict[tuple[Topic, Wording], str] = {
    (Topic.NOISE, Wording.PLAIN): """
        loud music until {d1}am
        shouting and banging most nights
        music and people in and out
        dog barking all day
        banging doors late at night
        raised voices and doors slamming
        tv too loud through wall
        party till {d1} in the morning
        DIY drilling on sunday
        children running on laminate floor
        screaming kids in garden
        bass music {room} wall
        arguing outside flat again
    """,
    (Topic.NOISE, Wording.TELL): """
        man shouting, woman crying, things being smashed
        woman screaming for help next door
        heard him threatening her then loud bang
        couple fighting, children crying
        domestic argument again, sounded violent
        screaming and thuds, police called
        {kin} outside shouting and kicking the door
    """,
    (Topic.ASB, Wording.PLAIN): """
        rubbish dumped in garden
        smell of cannabis on landing
        parking dispute with neighbour
        dog fouling communal garden
        verbal abuse over bins
        fence boundary dispute
        youths gathering at entrance
        fireworks let off
        abandoned car outside
        overgrown garden complaint
        visitors buzzing all flats
    """,
    (Topic.HOMELESS, Wording.PLAIN): """
        rent arrears
        asked to leave by parents
        overcrowding
        end of family arrangement
        relationship breakdown
        affordability
        property unsuitable medical
        other
    """,
    (Topic.HOMELESS, Wording.TELL): """
        fleeing violence from partner
        domestic abuse
        afraid to return home, {kin}
        violent relationship breakdown
        harassment by {kin}
    """,
    (Topic.CONCERN, Wording.PLAIN): """
        poor housekeeping, hoarding {room}
        tenant seemed low, ref support
        property in poor condition
        dog loose when attending
        smoke alarms removed
        no furniture seen in {room}
        tenant confused about date
        rubbish blocking {room}
    """,
    (Topic.CONCERN, Wording.TELL): """
        partner answered every question, tenant looked scared
        several holes in inside doors, tenant quiet and bruised arm
        tenant asked us not to tell partner about visit
        tenant flinched when partner came in
        partner would not leave the room
        locks on outside of bedroom door
    """,
    (Topic.CONCERN, Wording.ABANDONED): """
        no sign of tenant, post piling up
        property looks abandoned, curtains gone
        neighbour says tenant left weeks ago
        abandoned? no furniture through window
    """,
}

LOCK_REASONS: dict[Wording, str] = {
    Wording.PLAIN: "faulty | worn lock | lock failure | defective | security | tenant request",
    Wording.TELL: "ex partner has keys | security - ex has keys | DV | fear of ex partner",
    Wording.LOST_KEY: "lost keys | Lost key | keys lost | lock out",
    Wording.RELET: "relet | new tenancy | void relet | new tenant",
    Wording.SERVICES: "forced entry gas | careline entry | fire brigade | access warrant",
    Wording.BURGLARY: "burglary | break in CRN given | burglary CRN",
    Wording.VANDALISM: "vandalism | criminal damage block",
    Wording.SANCTUARY: "sanctuary | sanctuary scheme | target hardening",
    Wording.RECALL: "recall | faulty | repeat visit",
    Wording.EVICTION: "eviction | bailiff",
    Wording.ABANDONED: "abandoned | abandonment secure",
}

NOISE_CATEGORIES = """
    Noise | noise nuisance | Noise - music | Noise - shouting | Noise - household |
    NOISE
"""
ASB_CATEGORIES = """
    Litter/rubbish | Animals | Drugs | Verbal abuse | Vehicle nuisance | Vandalism |
    Garden | Neighbour dispute | Misuse of communal area
"""
REPORTER_ROLES = """
    housing officer | gas engineer | plumber | joiner | caretaker | income officer |
    surveyor
"""
TENURES = """
    SEC | INT | ASS | AFF | FIX
"""
