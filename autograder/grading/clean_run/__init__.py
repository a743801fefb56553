"""The clean run, which scores rest on: our cells and the answers alone, in a process of its own."""
