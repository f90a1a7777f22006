gslb_password = "REPLACE-ME"
