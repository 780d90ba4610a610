"""What people do with alerts, one file per kind of act; each writes its audit entry."""
