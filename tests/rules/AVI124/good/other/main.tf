resource "x" "y" {
  password = "of-something-else-S3cret"
}
