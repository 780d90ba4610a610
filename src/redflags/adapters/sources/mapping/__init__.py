"""The mapping language: from a landlord's columns and codes to the contract's."""
