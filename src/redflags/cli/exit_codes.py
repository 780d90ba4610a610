"""How a command ends, as the contract has it; an error brings its own code along."""

DONE, NO, WRONG, PARTIAL, FAILED = 0, 1, 2, 3, 4
