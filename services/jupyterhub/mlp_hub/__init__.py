"""What the platform adds to JupyterHub: teams and profiles, their pods, and what ends idle notebooks."""
