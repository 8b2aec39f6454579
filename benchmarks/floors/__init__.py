"""Bare Streamlit pages that the app's pages are measured against."""
