"""Generate and check GitOps repositories for multi-site TKG estates with NSX ALB (Avi), AKO and AMKO."""

__version__ = "0.1.0"
