gslb_password = "S3cret-four"
