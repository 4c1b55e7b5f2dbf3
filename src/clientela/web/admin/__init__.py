"""Pages of administration: users, rights, organisation, sources, the audit trail."""
