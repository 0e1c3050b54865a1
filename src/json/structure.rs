//! The structural bytes of a whole event.
