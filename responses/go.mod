// Go programs beside the written answers. A module of their own: nothing here reaches dkr-ls.
module responses.test

go 1.26
