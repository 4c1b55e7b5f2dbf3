"""What every part with tables needs: base model, triggers, row security, paging, keys."""
