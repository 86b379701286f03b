module github.com/tandem-bot/tandem

go 1.26
