"""What is deployed, checked with the tools of those who deploy: `make deploy-check`."""
