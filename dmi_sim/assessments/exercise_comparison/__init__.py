"""Each exercise by four controllers: trained, reflexes only, silent muscles, random."""
