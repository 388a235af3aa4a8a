"""Every noun of the domain as a value; standard library only."""
