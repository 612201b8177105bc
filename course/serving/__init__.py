"""What the notebook about serving needs around a student's web application."""
