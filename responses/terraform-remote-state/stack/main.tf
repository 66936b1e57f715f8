# A stand-in for a database with a password: `sensitive` hides it on the screen, not in the state.
variable "password" {
  type      = string
  sensitive = true
}

resource "terraform_data" "database" {
  input = var.password
}

output "database_id" {
  value = terraform_data.database.id
}
