"""The rule set as a file: its hash, and every fault at once with its key."""

import re
from pathlib import Path

import pytest

from redflags.analysis.schemas import COUNTED_SIGNALS
from redflags.configuration.ruleset import RuleSet, load_ruleset
from redflags.errors import ConfigurationError

OURS = Path(__file__).parents[2] / "config" / "ruleset.toml"


@pytest.fixture
def changed(tmp_path: Path):
    """Our own file with some lines replaced; each replacement must happen."""

    def make(*changes: tuple[str, str]) -> Path:
        text = OURS.read_text(encoding="utf-8")
        for pattern, instead in changes:
            text, times = re.subn(pattern, instead, text, count=1, flags=re.MULTILINE | re.DOTALL)
            assert times == 1, f"nothing in the file matches {pattern}"
        path = tmp_path / "ruleset.toml"
        path.write_text(text, encoding="utf-8")
        return path

    return make


def load(path: Path = OURS) -> RuleSet:
    return load_ruleset(path, COUNTED_SIGNALS)


def faults(path: Path) -> tuple[str, ...]:
    with pytest.raises(ConfigurationError) as caught:
        load(path)
    assert all(fault.startswith(("ruleset.toml: ", f"{path}: ")) for fault in caught.value.faults)
    return caught.value.faults


def in_rule(rule_id: str, key: str, value: str) -> tuple[str, str]:
    """Sets one key of one rule: the number of a threshold, or the whole of anything else."""
    head = rf"(^\[rules\.{rule_id}\]\n(?:(?!^\[).)*?^{key} = )"
    return head + r"(\{ value = [0-9.]+|[^\n]*)", rf"\g<1>{value}"


def threshold(value: str) -> str:
    return f"{{ value = {value}"


# ---------------------------------------------------------------- the file we ship


def test_our_own_rule_set_is_sound() -> None:
    assert re.fullmatch("[0-9a-f]{16}", load().hash)


def test_every_rule_we_ship_names_its_policy() -> None:
    assert all(re.fullmatch("P[1-5]", rule.policy) for rule in load().rules.values())


def test_every_window_is_a_sum_of_whole_buckets() -> None:
    ruleset = load()
    windows = {rule.window_days.value for rule in ruleset.rules.values()}
    assert windows | {0, 1095} <= set(ruleset.age_edges_days)
    assert list(ruleset.age_edges_days) == sorted(set(ruleset.age_edges_days))


# ---------------------------------------------------------------- the hash


def test_comments_and_blank_lines_do_not_change_the_hash(changed) -> None:
    assert load(changed((r"^\[queue\]", "# a word\n\n[queue]  # and another"))).hash == load().hash


def test_the_order_of_keys_and_tables_does_not_change_the_hash(changed) -> None:
    path = changed(
        (r'^version = "2026.11"\nauthor = ("[^"]*")', r'author = \1\nversion = "2026.11"')
    )
    text = path.read_text(encoding="utf-8")
    retention = text.index("[retention]")
    before = text.index("[surprise]")
    moved = text[:before] + text[retention:] + "\n" + text[before:retention]
    path.write_text(moved, encoding="utf-8")
    assert load(path).hash == load().hash


def test_a_whole_number_and_the_same_with_a_point_are_one(changed) -> None:
    path = changed(
        (r"cohort_prior_years = \{ value = 200\.0", "cohort_prior_years = { value = 200")
    )
    assert load(path).hash == load().hash


@pytest.mark.parametrize(
    "change",
    [
        in_rule("frequent_lock_changes", "min_count", threshold("4")),
        (r"^repair_cost = [0-9.]+", "repair_cost = 9.9"),
        (r"one row is not a pattern", "two rows are not a pattern"),
        (r'owner = "ASB team"', 'owner = "Somebody else"'),
        (r"^quiet_days = \{ value = 90", "quiet_days = { value = 91"),
    ],
)
def test_anything_that_is_said_changes_the_hash(changed, change: tuple[str, str]) -> None:
    assert load(changed(change)).hash != load().hash


# ---------------------------------------------------------------- faults


def test_all_faults_come_at_once_each_with_its_key(changed) -> None:
    told = faults(
        changed(
            in_rule("staff_concern", "signals", '["rumour"]'),
            in_rule("frequent_lock_changes", "min_count", threshold("-1")),
            in_rule("noise_disturbance", "priority", '"urgent"'),
            in_rule("unusual_pattern", "kind", '"guess"'),
            (r"^quiet_days = \{ value = 90", "quiet_days = { value = 1.5"),
            (r"^repair_cost = [0-9.]+", "asb_rumour = 0.4"),
            (r"^text_days = \{", "txt_days = {"),
        )
    )
    keys = [fault.split(": ")[1] for fault in told]
    assert sorted(keys) == [
        "queue.quiet_days.value",
        "ranking.weights",
        "retention.text_days",
        "retention.txt_days",
        "rules.frequent_lock_changes.min_count.value",
        "rules.noise_disturbance.priority",
        "rules.staff_concern.signals",
        "rules.unusual_pattern.kind",
    ]


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (
            in_rule("staff_concern", "signals", '["rumour", "gossip"]'),
            "rules.staff_concern.signals: Value error, names 'rumour', 'gossip'; known: ",
        ),
        (
            (r"^repair_cost = [0-9.]+", "asb_rumour = 0.4"),
            "names 'asb_rumour'; known: tell, lock_change",
        ),
        (
            in_rule("staff_concern", "signals", '["staff_concern", "staff_concern"]'),
            "counted twice",
        ),
        (in_rule("staff_concern", "min_count", threshold("0")), "every home would be alerted"),
        (in_rule("staff_concern", "window_days", threshold("0")), "could never speak"),
        (in_rule("staff_concern", "window_days", threshold("1096")), "surprise.history_days"),
        (in_rule("staff_concern", "window_days", threshold("90.5")), "window_days.value"),
        (
            in_rule("noise_disturbance", "window_days", threshold("91")),
            "rules.noise_disturbance.window_days is 91",
        ),
        (in_rule("returning_mix", "min_count", threshold("7")), "more than there are signals"),
        (in_rule("staff_concern", "kind", '"score"'), "needs min_score"),
        (in_rule("staff_concern", "signals", "[]"), "needs min_count and signals"),
        (in_rule("staff_concern", "kind", '"cost"'), "about repair_cost alone"),
        (in_rule("staff_concern", "signals", '["repair_cost"]'), "only be asked by a rule of kind"),
        (in_rule("damage_with_tell", "signals", '["repair_count"]'), "carries no tell"),
        (
            (
                r'^kind = "score"\nsignals = [^\n]*$',
                'kind = "score"\nsignals = []',
            ),
            "need signals to be asked of",
        ),
        (
            (r"^180 = 0", "181 = 0"),
            "ranking.window_weights names [181], but only surprise.windows_days [90, 180, 365]",
        ),
        ((r"^repair_cost = [0-9.]+", "repair_cost = inf"), "ranking.weights.repair_cost"),
        ((r"^repair_cost = [0-9.]+", "repair_cost = nan"), "ranking.weights.repair_cost"),
        ((r"^repair_cost = [0-9.]+", "repair_cost = -0.1"), "ranking.weights.repair_cost"),
        ((r"^internal_damage = 3.0", "rumour = 3.0"), "episodes.pictures.damage.per_year"),
        ((r"^internal_damage = 3.0", "repair_count = 3.0"), "a repair as such is no mark"),
        ((r"^internal_damage = 3.0", "internal_damage = -1"), "per_year.internal_damage"),
        ((r"^share = 0.5", "share = 0.6"), "the shares of the pictures must add up to 1"),
        ((r"^ages_days = \[0, 7", "ages_days = [7, 0"), "ages_days must begin with 0 and grow"),
        ((r"730, 913\]", "730, 1095]"), "episodes.ages_days must end before"),
        ((r"^wear_shape = \{ value = 1.2", "wear_shape = { value = 0"), "episodes.wear_shape"),
        (
            (r"cohort_prior_years = \{ value = 200\.0", "cohort_prior_years = { value = 0"),
            "surprise.cohort_prior_years.value",
        ),
        (
            (r"own_history_weight = \{ value = 0\.5", "own_history_weight = { value = 1.01"),
            "surprise.own_history_weight.value",
        ),
        ((r"largest = \{ value = 12\.0", "largest = { value = inf"), "surprise.largest.value"),
        ((r'owner = "Housing Management"', 'owner = ""'), "owner"),
        ((r', reason = "a quarter[^"]*"|, reason = "a concern[^"]*"', ""), "reason"),
        ((r"^\[queue\]", "[kueue]"), "kueue"),
        ((r"^\[queue\]", "[queue"), "not TOML"),
    ],
)
def test_a_fault_is_told_with_its_key_and_what_to_do(
    changed, change: tuple[str, str], said: str
) -> None:
    assert said in "\n".join(faults(changed(change)))


def test_every_unmeasured_window_is_told(changed) -> None:
    told = "\n".join(
        faults(
            changed(
                in_rule("noise_disturbance", "window_days", threshold("91")),
                in_rule("asb_report", "window_days", threshold("181")),
            )
        )
    )
    assert "rules.noise_disturbance.window_days is 91" in told
    assert "rules.asb_report.window_days is 181" in told


def test_a_window_nobody_asks_a_surprise_of_need_not_be_measured(changed) -> None:
    assert (
        91 in load(changed(in_rule("staff_concern", "window_days", threshold("91")))).age_edges_days
    )


def test_a_file_that_is_not_there_says_where_it_was_looked_for(tmp_path: Path) -> None:
    (told,) = faults(tmp_path / "ruleset.toml")
    assert "not found; set REDFLAGS_CONFIG" in told


def test_bytes_that_are_no_text_are_a_fault_and_no_crash(tmp_path: Path) -> None:
    path = tmp_path / "ruleset.toml"
    path.write_bytes(b'version = "\xff"')
    assert "not TOML" in faults(path)[0]


def test_a_rule_set_of_before_says_nothing_of_learning_and_keeps_its_hash(changed) -> None:
    before = load(changed((r"^\[learning\].*\Z", "")))
    assert before.learning is None
    assert before.hash == load().hash
