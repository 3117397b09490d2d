"""What ops see: settings, metrics, health, logs."""
