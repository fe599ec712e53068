"""What a service needs in production, checked: each check finds something, and says what to do."""
