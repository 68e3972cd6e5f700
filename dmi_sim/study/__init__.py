"""Studies: plan of cells, executors that survive a dead worker, a store that can be resumed."""
