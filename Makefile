# Thin over dev.py, which works without make: python3 dev.py test
PYTHON ?= python3
export DATA

.PHONY: run setup test fast lint bench prove docs assets pictures lock

run setup test fast lint bench prove docs assets pictures lock:
	@$(PYTHON) dev.py $@ $(ARGS)
