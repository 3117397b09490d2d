"""Quality and speed of the worker, measured on corpora that lie beside the checkout."""
