"""Pages of those who work alerts: the queue, an alert, the welfare check, referrals."""
