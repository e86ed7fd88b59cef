"""An assistant that answers questions about ketamine therapy from signed, sourced answers."""
