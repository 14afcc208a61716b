package asset
