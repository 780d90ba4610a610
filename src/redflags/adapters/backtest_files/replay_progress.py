"""What a replay has done so far, one JSON file a night, so that one that was killed goes on.

Files hold pseudonyms, counts and sentences; they are moved into place whole.
"""

import hashlib
import json
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

from redflags.analysis.replay.simulated_queue import (
    BacktestPlan,
    Checkpoint,
    NightResult,
    QueueContent,
    ReplayedAlert,
    ReplayedNight,
)
from redflags.domain.alert import AlertState, EvidenceKey, Priority, Routing
from redflags.domain.outcome import Outcome
from redflags.domain.queue_state import ClosedAlert, OpenAlert


class FolderProgress:
    """Checkpoints under ``folder/<plan and inputs>/<rule set>/<night>.json``.

    `inputs` are hashes of everything else that decides the outcome (signals, labels, records): a
    replay with other inputs begins anew beside the old one.
    """

    def __init__(self, folder: Path, plan: BacktestPlan, inputs: Mapping[str, str]) -> None:
        fixed = {
            "first": plan.first.isoformat(),
            "every": plan.every.days,
            "capacity": plan.capacity,
            "review_after": plan.review_after.days,
            **inputs,
        }
        key = hashlib.sha256(json.dumps(fixed, sort_keys=True).encode()).hexdigest()[:16]
        self._folder = folder / key
        self._plan = plan

    def done(self, ruleset_hash: str) -> Mapping[date, Checkpoint]:
        """The nights done without a gap from the first; a torn or missing file ends them."""
        found: dict[date, Checkpoint] = {}
        for day in self._plan.days:
            path = self._path(ruleset_hash, day)
            try:
                found[day] = _read(json.loads(path.read_text(encoding="utf-8")))
            except (OSError, ValueError, KeyError):
                break
        return found

    def keep(self, ruleset_hash: str, checkpoint: Checkpoint) -> None:
        path = self._path(ruleset_hash, checkpoint.result.night.as_of)
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        unfinished = path.with_suffix(".unfinished")
        unfinished.write_text(json.dumps(_written(checkpoint)), encoding="utf-8")
        unfinished.replace(path)

    def _path(self, ruleset_hash: str, day: date) -> Path:
        return self._folder / ruleset_hash / f"{day.isoformat()}.json"


def _written(checkpoint: Checkpoint) -> dict[str, Any]:
    result, queue = checkpoint.result, checkpoint.queue
    night = result.night
    return {
        "as_of": night.as_of.isoformat(),
        "households": result.households,
        "average_precision": result.average_precision,
        "updated": night.updated,
        "open": night.open,
        "waiting": night.waiting,
        "flagged": {ref: list(rules) for ref, rules in night.flagged.items()},
        "raised": [_alert(alert) for alert in night.raised],
        "queue": {
            "open": [_open(queue, ref) for ref in sorted(queue.open)],
            "closed": [_closed(alert) for alert in queue.closed],
        },
    }


def _alert(alert: ReplayedAlert) -> dict[str, Any]:
    return {
        "household": alert.household,
        "rank": alert.rank,
        "score": alert.score,
        "priority": int(alert.priority),
        "rules": list(alert.rules),
        "sentences": list(alert.sentences),
    }


def _open(queue: QueueContent, ref: str) -> dict[str, Any]:
    alert = queue.open[ref]
    return {
        "household": ref,
        "raised_on": queue.raised_on[ref].isoformat(),
        "priority": int(alert.priority),
        "routing": alert.routing,
        "keys": sorted(alert.evidence_keys),
    }


def _closed(alert: ClosedAlert) -> dict[str, Any]:
    return {
        "household": alert.tenancy_ref,
        "raised_on": alert.raised_on.isoformat() if alert.raised_on else None,
        "closed_on": alert.closed_on.isoformat(),
        "outcome": alert.outcome,
        "priority": int(alert.priority),
        "keys": sorted(alert.evidence_keys),
    }


def _read(content: dict[str, Any]) -> Checkpoint:
    as_of = date.fromisoformat(content["as_of"])
    night = ReplayedNight(
        as_of=as_of,
        raised=tuple(_read_alert(alert, as_of) for alert in content["raised"]),
        flagged={ref: tuple(rules) for ref, rules in content["flagged"].items()},
        updated=content["updated"],
        open=content["open"],
        waiting=content["waiting"],
    )
    result = NightResult(night, content["average_precision"], content["households"])
    return Checkpoint(result, _read_queue(content["queue"]))


def _read_alert(content: dict[str, Any], as_of: date) -> ReplayedAlert:
    return ReplayedAlert(
        household=content["household"],
        as_of=as_of,
        rank=content["rank"],
        score=content["score"],
        priority=Priority(content["priority"]),
        rules=tuple(content["rules"]),
        sentences=tuple(content["sentences"]),
    )


def _read_queue(content: dict[str, Any]) -> QueueContent:
    return QueueContent(
        open={item["household"]: _read_open(item) for item in content["open"]},
        raised_on={
            item["household"]: date.fromisoformat(item["raised_on"]) for item in content["open"]
        },
        closed=[_read_closed(item) for item in content["closed"]],
    )


def _read_keys(item: dict[str, Any]) -> frozenset[EvidenceKey]:
    return frozenset((table, ref, mark) for table, ref, mark in item["keys"])


def _read_open(item: dict[str, Any]) -> OpenAlert:
    return OpenAlert(
        alert_id=f"{item['household']}/{item['raised_on']}",
        tenancy_ref=item["household"],
        state=AlertState.RAISED,
        priority=Priority(item["priority"]),
        evidence_keys=_read_keys(item),
        routing=Routing(item["routing"]),
    )


def _read_closed(item: dict[str, Any]) -> ClosedAlert:
    return ClosedAlert(
        alert_id=f"{item['household']}/{item['raised_on']}",
        tenancy_ref=item["household"],
        closed_on=date.fromisoformat(item["closed_on"]),
        outcome=Outcome(item["outcome"]),
        raised_on=date.fromisoformat(item["raised_on"]),
        evidence_keys=_read_keys(item),
        priority=Priority(item["priority"]),
    )
