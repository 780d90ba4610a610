"""Gradient boosting as a challenger of the simple model: measured beside it at each training.

It is held to rise with every feature, as the simple model is. It is not registered: its order
cannot be told in a sentence, and it would have to win by more than chance to be worth that.
"""

from redflags.analysis.learning.ranker import Floats, Outcomes

TREES, LEAVES, RATE, FEWEST_IN_LEAF = 60, 6, 0.05, 10


def boosted_scores(before: Outcomes, now: Outcomes) -> Floats:
    """Fitted on `before`, asked of `now`: log-odds, (rows of now,)."""
    from sklearn.ensemble import HistGradientBoostingClassifier

    model = HistGradientBoostingClassifier(
        max_iter=TREES,
        max_leaf_nodes=LEAVES,
        learning_rate=RATE,
        min_samples_leaf=FEWEST_IN_LEAF,
        monotonic_cst=[1] * before.x.shape[1],
        early_stopping=False,
        random_state=0,
    )
    model.fit(before.x.to_numpy(), before.has_need, sample_weight=before.weight)
    scores: Floats = model.decision_function(now.x.to_numpy())
    return scores
