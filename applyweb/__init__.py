"""applyweb: apply and review the code that chat assistants write."""
