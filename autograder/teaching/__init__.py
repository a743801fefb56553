"""For the notebooks: offline data, plots, and `explain`."""
