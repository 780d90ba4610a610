"""What pages and reports see of alerts, cases and figures. Nothing here writes."""
