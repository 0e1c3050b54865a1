//! Reading events from everything that holds them.

mod sources {
    mod blocks;
    mod broken;
    mod common;
    mod compression;
    mod feeds;
    mod files;
    mod positions;
    mod separators;
    mod shapes;
    mod size;
}
