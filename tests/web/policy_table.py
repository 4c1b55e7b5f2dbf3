"""Who may open what, written by hand and never made from the code.

Roles are named in full. In a table of records:

* `see`: who may read this kind of record at all; the others get 403 for every record;
* `do`: of those, who may do this; the rest of `see` gets 403 for what they reach;
* `ok`: what is answered where it may be done.

A write (POST) is refused with 403 to whoever is not in `do`, of every record and whatever is sent.

Every role is held at the branch `madrid`. In reach for all of `see` are records of that
branch, for `sales` only the own ones. What is out of reach and what is not there is 404.
Anonymous and disabled users are sent to the sign-in page (302), unless `public`.
"""

CUSTOMERS = "sales credit_controller credit_manager marketing service data_steward auditor"
TRADE = "sales credit_controller credit_manager service data_steward auditor"
# who brings payments in sees what becomes of them, and nothing else of what is owed
PAYMENTS = "sales credit_controller credit_manager data_steward auditor"
CONTACTS = "sales credit_controller credit_manager marketing service data_steward auditor"
CASES = "sales credit_controller credit_manager service data_steward auditor"
SURVEYS = "sales marketing service auditor"
PROMOTIONS = "sales marketing auditor"
CONTRACTS = "sales credit_controller credit_manager data_steward auditor"
WRITERS = "sales data_steward"
EDITORS = f"{WRITERS} service"  # service changes how customers are reached, and no more
ANALYSES = "sales credit_controller credit_manager marketing analyst data_steward auditor executive"
# management sees totals and groups: the documents behind a row are one customer's
TRACE = "sales credit_controller credit_manager analyst data_steward auditor"
EVERYBODY = (
    "sales credit_controller credit_manager marketing service analyst data_steward auditor "
    "security_officer administrator executive"
)
OWN_ONLY = "sales"

# route -> method -> who; the record of the address is a customer's
CUSTOMER_ROUTES = {
    "customers:file": {"GET": {"see": CUSTOMERS, "do": CUSTOMERS, "ok": 200}},
    "customers:history": {"GET": {"see": CUSTOMERS, "do": CUSTOMERS, "ok": 200}},
    "customers:edit": {
        "GET": {"see": CUSTOMERS, "do": EDITORS, "ok": 200},
        "POST": {
            "see": CUSTOMERS,
            "do": EDITORS,
            "ok": 302,
            "body": {"postcode": "45001", "seen": "<seen>"},
        },
    },
    "customers:archive": {"POST": {"see": CUSTOMERS, "do": WRITERS, "ok": 302, "body": {}}},
    "customers:reopen": {"POST": {"see": CUSTOMERS, "do": WRITERS, "ok": 302, "body": {}}},
    "customers:invoices": {"GET": {"see": CUSTOMERS, "do": TRADE, "ok": 200}},
    "customers:orders": {"GET": {"see": CUSTOMERS, "do": TRADE, "ok": 200}},
    "customers:payments": {"GET": {"see": CUSTOMERS, "do": PAYMENTS, "ok": 200}},
    "customers:contacts": {"GET": {"see": CUSTOMERS, "do": CONTACTS, "ok": 200}},
    "customers:cases": {"GET": {"see": CUSTOMERS, "do": CASES, "ok": 200}},
    "customers:surveys": {"GET": {"see": CUSTOMERS, "do": SURVEYS, "ok": 200}},
    "customers:promotions": {"GET": {"see": CUSTOMERS, "do": PROMOTIONS, "ok": 200}},
    "customers:contracts": {"GET": {"see": CUSTOMERS, "do": CONTRACTS, "ok": 200}},
}
# a person's phone (S2): masked to everybody who sees the file, revealed for a purpose of the
# role's own work; marketing may not reveal it
REVEAL_PURPOSES = {
    "sales": "order", "credit_controller": "collection", "credit_manager": "credit_case",
    "service": "complaint", "auditor": "audit_case",
}  # fmt: skip
REVEAL = {
    "customers:reveal": {
        "POST": {
            "sales": 200,
            "credit_controller": 200,
            "credit_manager": 200,
            "marketing": 403,
            "service": 200,
            "analyst": 403,
            "data_steward": 200,
            "auditor": 200,
            "security_officer": 403,
            "administrator": 403,
            "executive": 403,
        }
    }
}
# where a person lives (S4): for a case alone, see test_for_a_case
REVEAL_FOR_A_CASE = {
    who: 200 if who in {"credit_controller", "credit_manager", "auditor"} else 403
    for who in REVEAL["customers:reveal"]["POST"]
}
INVOICE_ROUTES = {"trade:invoice": {"GET": {"see": TRADE, "do": TRADE, "ok": 200}}}
PAYMENT_ROUTES = {"payments:one": {"GET": {"see": PAYMENTS, "do": PAYMENTS, "ok": 200}}}

# no record in the address, or one that has no branch; `args` and `body` name things of the
# test's world in angle brackets
PLAIN_ROUTES = {
    "home": {"GET": {"do": EVERYBODY, "ok": 302}},
    "work:mine": {"GET": {"do": EVERYBODY, "ok": 200}},
    # what somebody did is shown to that person, whatever the role
    "own_events": {"GET": {"do": EVERYBODY, "ok": 200}},
    "preferences": {
        "POST": {"do": EVERYBODY, "ok": 302, "public": 302, "body": {"language": "es"}}
    },
    "own_zone": {
        "GET": {"do": EVERYBODY, "ok": 200},
        "POST": {"do": EVERYBODY, "ok": 302, "body": {"time_zone": "Asia/Shanghai"}},
    },
    "customers:list": {"GET": {"do": CUSTOMERS, "ok": 200}},
    "customers:new": {
        "GET": {"do": WRITERS, "ok": 200},
        "POST": {"do": WRITERS, "ok": 302, "body": {"name": "Nuevo", "node": "<madrid>"}},
    },
    "customers:save_view": {
        "POST": {"do": CUSTOMERS, "ok": 302, "body": {"name": "Mine", "query": "kind=company"}}
    },
    "customers:delete_view": {
        "POST": {"do": CUSTOMERS, "ok": 302, "args": ["<own_view>"], "body": {}}
    },
    "trade:invoices": {"GET": {"do": TRADE, "ok": 200}},
    "payments:list": {"GET": {"do": PAYMENTS, "ok": 200}},
    "analyses:index": {"GET": {"do": ANALYSES, "ok": 200}},
    "analyses:copy": {"GET": {"do": ANALYSES, "ok": 200}},
    "analyses:one": {"GET": {"do": ANALYSES, "ok": 200, "args": ["abc"]}},
    # of no row: who may ask is told that the address names none
    "analyses:documents": {"GET": {"do": TRACE, "ok": 422, "args": ["abc"]}},
    # taking figures away is a write: it leaves an event
    "analyses:download": {
        "POST": {"do": "analyst data_steward", "ok": 200, "args": ["sales"], "body": {}}
    },
    "admin:users": {"GET": {"do": "administrator security_officer auditor", "ok": 200}},
    "admin:user_new": {
        "GET": {"do": "administrator", "ok": 200},
        "POST": {"do": "administrator", "ok": 302, "body": {"username": "newcomer"}},
    },
    "admin:user": {
        "GET": {"do": "administrator security_officer auditor", "ok": 200, "args": ["<user>"]}
    },
    "admin:user_disable": {
        "GET": {"do": "administrator", "ok": 200, "args": ["<user>"]},
        "POST": {"do": "administrator", "ok": 302, "args": ["<user>"], "body": {}},
    },
    "admin:user_enable": {
        "POST": {"do": "administrator", "ok": 302, "args": ["<user>"], "body": {}}
    },
    "admin:user_link": {"POST": {"do": "administrator", "ok": 200, "args": ["<user>"], "body": {}}},
    "admin:user_grant": {
        "POST": {
            "do": "administrator",
            "ok": 302,
            "args": ["<user>"],
            "body": {"role": "marketing", "node": "sevilla", "valid_to": "<last_day>"},
        }
    },
    "admin:user_grant_end": {
        "GET": {"do": "administrator security_officer", "ok": 200, "args": ["<grant>"]},
        "POST": {
            "do": "administrator security_officer",
            "ok": 302,
            "args": ["<grant>"],
            "body": {},
        },
    },
    "admin:approval_grant": {
        "POST": {"do": "security_officer", "ok": 302, "args": ["<grant>"], "body": {}}
    },
    # a second factor is asked about by either office and taken away by a security officer
    "admin:user_factor_reset": {
        "POST": {
            "do": "administrator security_officer",
            "ok": 302,
            "args": ["<user>"],
            "body": {"reason": "telephone stolen, known by voice"},
        }
    },
    # a link for another password is asked for and confirmed by the same offices
    "admin:user_password_reset": {
        "POST": {
            "do": "administrator security_officer",
            "ok": 302,
            "args": ["<has_password>"],
            "body": {"why": "forgotten, known by voice"},
        }
    },
    "admin:approval_factor": {
        "POST": {"do": "security_officer", "ok": 302, "args": ["<reset>"], "body": {}}
    },
    "admin:user_factor_end": {
        "POST": {"do": "administrator security_officer", "ok": 302, "args": ["<reset>"], "body": {}}
    },
    # what figures are worked out with is proposed by an administrator, approved by an officer
    "admin:parameter": {
        "GET": {
            "do": "administrator security_officer auditor",
            "ok": 200,
            "args": ["analysis.abc.months"],
        },
        "POST": {
            "do": "administrator",
            "ok": 302,
            "args": ["analysis.abc.months"],
            "body": {"value": "24", "valid_from": "<last_day>"},
        },
    },
    "admin:approval_parameter": {
        "POST": {
            "do": "security_officer",
            "ok": 302,
            "args": ["<proposal>"],
            "body": {"digest": "<digest>"},
        }
    },
    "admin:parameter_end": {
        "POST": {
            "do": "administrator security_officer",
            "ok": 302,
            "args": ["<proposal>"],
            "body": {"reason": "too long a period"},
        }
    },
    "admin:approvals": {"GET": {"do": "security_officer", "ok": 200}},
    "admin:organisation": {
        "GET": {"do": "administrator security_officer auditor", "ok": 200},
        "POST": {
            "do": "administrator",
            "ok": 302,
            "body": {"kind": "branch", "code": "toledo", "name": "Toledo", "parent": "iberia"},
        },
    },
    # the form says which edition of the place it shows: without it nothing is corrected (422)
    "admin:place": {
        "GET": {"do": "administrator", "ok": 200, "args": ["<place>"]},
        "POST": {
            "do": "administrator",
            "ok": 302,
            "args": ["<place>"],
            "body": {"name": "Madrid Centro", "time_zone": "Europe/Madrid", "seen": "<edition>"},
        },
    },
    "admin:tokens": {
        "GET": {"do": "administrator security_officer", "ok": 200},
        "POST": {
            "do": "administrator",
            "ok": 302,
            "body": {"user": "<service>", "name": "erp", "acts": "customer.read", "days": "30"},
        },
    },
    "admin:token_approve": {
        "POST": {"do": "security_officer", "ok": 302, "args": ["<proposed_token>"], "body": {}}
    },
    "admin:token_issue": {
        "POST": {"do": "administrator", "ok": 200, "args": ["<approved_token>"], "body": {}}
    },
    "admin:token_revoke": {
        "GET": {"do": "administrator security_officer", "ok": 200, "args": ["<approved_token>"]},
        "POST": {
            "do": "administrator security_officer",
            "ok": 302,
            "args": ["<approved_token>"],
            "body": {},
        },
    },
    "admin:sources": {
        "GET": {"do": "administrator data_steward auditor", "ok": 200},
        "POST": {"do": "data_steward", "ok": 302, "body": {"name": "shop", "node": "<madrid>"}},
    },
    # the source of the test's world stands at the group, above the steward's branch
    "admin:source_trust": {
        "POST": {"do": "", "ok": 302, "args": ["<source>"], "body": {"trust": "60"}, "out": 404}
    },
    "admin:source_settlement": {
        "POST": {
            "do": "",
            "ok": 302,
            "args": ["<source>"],
            "body": {"settlement": "known"},
            "out": 404,
        }
    },
    "admin:rates": {
        "GET": {
            "do": "credit_controller credit_manager analyst data_steward auditor administrator",
            "ok": 200,
        },
        "POST": {
            "do": "credit_manager data_steward",
            "ok": 302,
            "body": {"from": "USD", "day": "2026-03-01", "rate": "0.92"},
        },
    },
    # no file is sent: whoever may bring one in is told to choose one
    "admin:rates_file": {"POST": {"do": "credit_manager data_steward", "ok": 422, "body": {}}},
    "admin:team": {"GET": {"do": "credit_manager", "ok": 200}},
    "admin:events": {"GET": {"do": "administrator security_officer auditor", "ok": 200}},
    "admin:parameters": {"GET": {"do": "administrator security_officer auditor", "ok": 200}},
    "healthz": {"GET": {"do": EVERYBODY, "ok": 200, "public": 200}},
}
# of `admin:source_trust`: who may change sources at all, and what they get for this one
SOURCE_READERS = {"data_steward": 404}

# allauth's pages: (signed in, not signed in) for GET; what they change is one's own. Whoever
# would change a second factor is sent (302) to confirm the password first.
ACCOUNT_ROUTES = {
    "account_login": (302, 200),
    "account_logout": (200, 302),
    "account_inactive": (200, 200),
    "account_reauthenticate": (200, 302),
    "account_change_password": (200, 302),
    "account_reset_password_from_key_done": (200, 200),
    "account_reset_password_from_key": (200, 200),
    "mfa_index": (200, 302),
    "mfa_authenticate": (302, 302),
    "mfa_reauthenticate": (200, 302),
    "mfa_activate_totp": (302, 302),
    "mfa_deactivate_totp": (302, 302),
    "mfa_view_recovery_codes": (404, 302),
    "mfa_generate_recovery_codes": (302, 302),
    "mfa_list_webauthn": (200, 302),
    "mfa_add_webauthn": (302, 302),
    "mfa_remove_webauthn": (302, 302),
    "mfa_edit_webauthn": (302, 302),
    "mfa_reauthenticate_webauthn": (302, 302),
    "mfa_login_webauthn": (302, 302),
    "usersessions_list": (200, 302),
}

# What each form may carry, apart from the token; a route that is not named takes no field.
FACTS = (
    "name tax_number country region city address postcode phone email website industry "
    "customer_since tags note stage"
)
COMPANYS = f"{FACTS} trade_name registration_number legal_form founded_on staff"
PERSONS = (
    f"{FACTS} identity_number sex birth_date age_band income_band household_size "
    "household_type marital_status home_ownership children"
)
MORE = "add:phone as:phone add:email as:email"
FORMS = {
    "customers:edit": f"{PERSONS} true_from reason seen {MORE}",
    "customers:new": f"{COMPANYS} kind node {MORE}",
    "customers:reveal": "key purpose note",
    "customers:save_view": "name query",
    "preferences": "language theme next",
    "own_zone": "time_zone",
    "admin:user_new": "username full_name language kind",
    "admin:user_grant": "role node valid_from valid_to",
    "admin:user_factor_reset": "reason",
    "admin:user_password_reset": "why",
    "admin:parameter": "value valid_from",
    "admin:approval_parameter": "digest",
    "admin:parameter_end": "reason",
    "admin:organisation": "parent kind code name country time_zone base_currency",
    "admin:place": "name time_zone base_currency seen",
    "admin:tokens": "name user days acts",
    "admin:rates": "from day rate confirmed",
    "admin:rates_file": "file dry_run confirmed",
    "admin:sources": "name title node settlement origin legal_basis",
    "admin:source_trust": "trust",
    "admin:source_settlement": "settlement",
    "account_login": "login password remember next",
    "account_logout": "next",
    "account_reauthenticate": "password next",
    "account_change_password": "oldpassword password1 password2",
    "account_reset_password_from_key": "password1 password2 next",
    "mfa_authenticate": "code credential",
    "mfa_reauthenticate": "code next",
    "mfa_activate_totp": "code",
    "mfa_add_webauthn": "name credential passwordless",
    "mfa_edit_webauthn": "name",
    "mfa_reauthenticate_webauthn": "credential next",
    "mfa_login_webauthn": "credential next",
}
