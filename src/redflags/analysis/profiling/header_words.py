"""What British housing systems call the things that the contract has a column for."""

import re
from functools import cache

_SYNONYMS = {
    "order": "work order;works order;order;job;wo;worder;ticket;repair ref;repair no;repair number;"
    "repair id;job no;job number;job ref;order no;order ref;order number;works order number;"
    "workorderid;joblogno;jobref;wo ref;work order reference;order id;job id",
    "request": "request;rq;request no;service request;request ref;request number;enquiry;"
    "call no;call ref;sr;contact ref;rq ref;request id",
    "property": "property;property ref;prop;propref;prop ref;asset;unit;place;dwelling;home;"
    "premises;property reference;property code;property id;property no;asset id;unit ref;place ref;"
    "house ref;housing unit;site property unit;propertyreference;location ref;location id;home ref;"
    "accommodation",
    "uprn": "uprn;nlpg;llpg",
    "block": "block;block ref;building ref;parent asset;block code",
    "patch": "patch;area;neighbourhood;patch code;ward;estate;region;locality;management area",
    "property_type": "property type;asset type;dwelling type;unit type;prop type;archetype;"
    "house type;type of property;home type",
    "bedrooms": "bedrooms;beds;no of bedrooms;bedroom;number of bedrooms;bed size",
    "build_year": "build year;year built;built;year constructed;construction year;year of build",
    "raised": "raised;date raised;logged;date logged;reported;date reported;created;date created;"
    "order date;request date;issued;issue date;date issued;received;date received;opened;job date;"
    "raised at;raised on;recorded;entered;ordered;wo date;rq date;date;reported date;call date;"
    "requested;date requested;placed",
    "completed": "completed;date completed;completion;completion date;finished;date finished;"
    "closed;closed date;date closed;done;actual completion;complete date;work completed;finish;"
    "complete",
    "other_date": "target;target date;due;due date;deadline;appointment;appointment date;sla;"
    "last updated;updated;modified;last modified;attended;date attended;invoice date;next",
    "status": "status;state;stage;job status;order status;wo status;status code;status description",
    "priority": "priority;urgency;priority code;response code;response time;job priority;"
    "priority description",
    "trade": "trade;trade code;craft;trade description;skill;trade name",
    "sor": "sor;sor code;rate code;schedule of rates;job code;nhf code;work code;rate;task code;"
    "item code;schedule code;sor no;nhf;rate schedule item;sorcode;schedule",
    "description": "description;fault;problem;fault reported;job description;details;issue;defect;"
    "works required;work required;fault description;request details;repair description;summary;"
    "job details;instructions;rq problem;problem reported;short description;repair reported;"
    "works;what was reported",
    "notes": "notes;comments;operative comments;completion notes;remarks;work done;note;comment;"
    "works carried out;engineer notes;resolution;action taken;feedback;visit notes;narrative;"
    "task text;long description;operative notes;additional information;completion comments",
    "cost": "cost;invoice;value;amount;total;invoice total;price;actual cost;act cost;charge;"
    "invoice value;total cost;invoice amount;net;net value;gross;job cost;order value;cost gbp;"
    "invoiced;net cost",
    "other_cost": "estimated cost;est cost;estimate;vat;budget;quoted;quote;recharge;vat amount",
    "work_type": "work type;job type;repair type;order type;works type;type of work;work category;"
    "work class;job category;worktype;order category;repair category;programme",
    "tenancy": "tenancy;tenancy ref;agreement;tag ref;tenancy number;rent account;tenancy no;"
    "tenancy id;tenancy reference;agreement ref;agreement no;tcy ref;ten ref;payment reference;"
    "rent ref;rent reference;agreement number;tenure ref;tag;tenure id;tcy alt ref;ltcy alt ref",
    "start": "start;start date;tenancy start;cot;commencement;commencement date;from;from date;"
    "moved in;move in;let date;date let;occupied from;commenced;begin;effective from;"
    "start of tenure;tenancy start date;act start date;occupancy start;valid from;let",
    "end": "end;end date;tenancy end;eot;termination;termination date;terminated;to;to date;until;"
    "until date;moved out;move out;expiry;vacated;end of tenure;tenancy end date;act end date;"
    "occupied to;ended;valid to;occupancy end",
    "tenure": "tenure;tenure type;tenure code;tenancy type;agreement type;occupancy type",
    "report": "report;report ref;complaint;complaint ref;incident;incident ref;report no;report id;"
    "incident no;complaint id;complaint no",
    "case": "case;case ref;case id;case no;case number",
    "category": "category;asb type;incident type;nuisance type;kind;case type;complaint type;type;"
    "asb category;noise type;nature",
    "merged": "merged into;merged;duplicate of",
    "lock": "lock change;lock;lock change ref;lock ref",
    "presentation": "presentation;presentation ref;homeless ref;application ref;approach;"
    "application;homelessness ref",
    "reason": "reason;reason for;cause;reason code;reason given",
    "concern": "concern;concern ref;safeguarding;worry",
    "observed": "observed;observed at;date observed;seen;noticed",
    "role": "role;reporter role;job title;reporter;observer role",
    "protection": "protection;protection reason;restriction;flag;marker;warning",
    "id": "id;ref;reference;no;number;key;code;ref no;reference number;unique key;record id;row id",
}  # fmt: skip
_TABLES = {
    "repairs": "repair job order work maintenance request worder rmworder workorder workorders wo",
    "tenancies": "tenancy tenancies agreement occupancy ltcy tenagree tenure lease tcy tenants",
    "properties": "property properties asset unit stock dwelling lpro home homes premises units",
    "lock_changes": "lock locks lockchange lockchanges",
    "asb": "asb noise nuisance complaint antisocial incident complaints incidents",
    "homelessness": "homeless homelessness presentation presentations prevention hclic",
    "concerns": "concern concerns safeguarding",
    "protected": "protected protection protections restricted sanctuary sensitive",
}


_ALONE = (
    "type total value rate net code key number no id ref reference date from to place works "
    "details class kind end start issue lock let case area state complete done name closed"
)
_MEANT_ALONE = frozenset(_ALONE.split())
"""Words that mean something only where no other word stands beside them."""


@cache
def words_of(name: str) -> tuple[str, ...]:
    """The words of a header: `dateRaised`, `DATE_RAISED` and `Date  raised` are the same two.

    Of a path into JSON the last two steps count.
    """
    is_path = re.fullmatch(r"[\w*]+(?:\.[\w*]+)+", name)
    last = " ".join(name.split(".")[-2:]) if is_path else name
    apart = re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", " ", last)
    return tuple(re.sub(r"[\W_]+", " ", apart).casefold().split())


@cache
def meanings_of(name: str) -> tuple[tuple[str, int], ...]:
    """What a header may mean, the best first: (concept, score from 1 to 100)."""
    words = words_of(name)
    found: dict[str, int] = {}
    for concept, phrases in _phrases().items():
        scores = [_score(phrase, words) for phrase in phrases]
        if best := max(scores):
            found[concept] = best
    return tuple(sorted(found.items(), key=lambda item: -item[1]))


def table_words(text: str) -> frozenset[str]:
    """The tables that the words of a file's name, sheet or header speak of."""
    words = set(words_of(re.sub(r"\d+", " ", text.rpartition("/")[2].replace(".", " "))))
    singular = words | {word.removesuffix("s") for word in words}
    return frozenset(table for table, known in _TABLES.items() if singular & set(known.split()))


@cache
def _phrases() -> dict[str, tuple[tuple[str, ...], ...]]:
    return {
        concept: tuple(tuple(phrase.split()) for phrase in text.split(";"))
        for concept, text in _SYNONYMS.items()
    }


def _score(phrase: tuple[str, ...], words: tuple[str, ...]) -> int:
    """All words of the phrase must be there; words beyond them take from it."""
    if not set(phrase) <= set(words):
        return 0
    beyond = len(set(words) - set(phrase))
    if beyond and len(phrase) == 1 and phrase[0] in _MEANT_ALONE:
        return 0
    return max(1, min(100, 40 + 30 * len(phrase) - 12 * beyond))
