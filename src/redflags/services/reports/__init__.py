"""The figures that boards, panels and auditors get."""
