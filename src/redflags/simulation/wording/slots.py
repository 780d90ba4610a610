"""What can stand in the slots of a phrase, and what people add before and after it.

One string per list, alternatives parted by a bar; `{dN}` anywhere stands for N digits.
"""

SLOTS: dict[str, str] = {
    "who": "ten | tnt | tenant | cust | resident | T | ten reports | tnt adv",
    "do": "c/o | chg | change | renew | rnw | replace | rep | supply & fit new | s/f",
    "fix": "repair | rep | ease & adj | overhaul | o/haul | refix | rehang | adj",
    "room": """
        kit | kitchen | bthrm | bathrm | bathroom | lnge | lounge | living rm | hall |
        landing | bed 1 | bed 2 | b/rm 3 | rear bedrm | front bedroom | box room | dining rm
        | wc | toilet | utility | stairs | porch
    """,
    "side": "frnt | front | rear | back | side | r/h | l/h | main",
    "ext": """
        frnt dr | front door | FED | rear dr | back door | bk dr | side dr | ent door |
        front ent dr | main dr | patio dr | upvc frnt dr | comp door
    """,
    "int": """
        int dr | int door | internal door | bed dr | bedrm dr | bthrm dr | bathroom dr |
        lnge door | lounge dr | kit dr | kitchen door | b/rm dr | hall door
    """,
    "lk": """
        LC | l/c | lock | cyl | euro cyl | mortice lock | nightlatch | 5 lever | yale lock |
        rim cyl | lock & 3 keys | m/point lock
    """,
    "glass": "DGU | dbl glz unit | glass | glz | pane | window pane | glazed unit | s/g pane",
    "size": """
        600x900 | 450 x 600mm | 1200x1050 | 1981x762 | 78x30 | 900mm | 1m x 1m | 400x500 |
        2m | 1no | 2 no | 3no | x2 | 1350 x 1200 | 650x1100
    """,
    "wear": "stiff | sticking | worn | loose | faulty | jamming | dropped | not catching",
    "hinge": "hinge | hinges | keep | handle | latch | closer | threshold | weatherbar",
    "svc": """
        gas access | careline call | fire brigade entry | police welfare entry | LGSR access
    """,
    "kin": """
        ex | ex partner | ex p | her partner | ex husband | his partner | b/friend | ex b/f
    """,
    "crn": """
        CRN {d5}/{d2} | crime no {d5}/{d2} | crime ref {d5} | CRN {d5} | police ref
        {d5}/{d2}
    """,
}
HEADS = """
    OOH | OOH call - | 24hr | URGENT | Emergency: | {who} says | {who} rptd | Insp: |
    follow on - | f/on works | pls | Attend and | job 2 of 2 | via portal: | L/L rptd
"""
TAILS = """
    am appt | pm appt | AM only | pm only pls | ring b4 attending | call 30 min before |
    avoid school run | any time | {who} home all day | {room} | {side} elev | {size} |
    1st floor | 2nd flr | g/f | parking difficult | 2 man job | ladder needed |
    materials on van | order mtls | temp done | make good | mk gd | inc clear away |
    photo on file | wk 2 | next avail | 10-12 slot | 08:00-13:00 | 12:00-17:00 | key
    with warden | knock loud | elderly {who} | quote req | as per insp | SOR var {d2}
"""
PHONES = """
    tel 07700 900{d3} | ring {who} 07700 900{d3} | mob 07700900{d3}
"""
"""Numbers from the range that Ofcom keeps for drama: they belong to nobody."""
NOTES = """
    carded | no reply, card left | keys with neighbour | {who} not in, rebook | dog in
    garden | parts on order | 2nd visit | completed as described | further works req
    {room} | {who} refused access | knock loud | photos taken | sub con to quote |
    variation {d2} agreed | recharge? | no recharge | made good | wtg for materials |
    left safe | warranty item
"""
RECALLS = """
    RECALL - | recall | Recall: | 2nd call, | still not right -
"""
