"""What a landlord decides, from TOML files to frozen values; all faults are reported together."""
