"""HTTP beside Streamlit: the gate, sign-in, set-up, health."""
