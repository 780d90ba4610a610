"""The name under which scripts outside of the package mask texts; see `analysis.reading`."""

from redflags.analysis.reading.personal_data_masking import mask, mask_all

__all__ = ["mask", "mask_all"]
