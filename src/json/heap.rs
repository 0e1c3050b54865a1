//! How much memory a structure holds, counted by going through it.
//!
//! Asking the operating system instead says what the process holds, which keeps what earlier steps have given
//! back. A counting allocator would be exact and would slow down every allocation of every command.

use std::mem::size_of;

/// Something that may own memory on the heap.
pub trait HeapBytes {
    /// The bytes that it owns besides its own size; without what allocators add.
    fn heap_bytes(&self) -> usize;
}

impl HeapBytes for u8 {
    fn heap_bytes(&self) -> usize {
        0
    }
}

impl HeapBytes for str {
    fn heap_bytes(&self) -> usize {
        0
    }
}

impl<T: HeapBytes> HeapBytes for [T] {
    fn heap_bytes(&self) -> usize {
        self.iter().map(HeapBytes::heap_bytes).sum()
    }
}

impl<T: HeapBytes + ?Sized> HeapBytes for Box<T> {
    fn heap_bytes(&self) -> usize {
        size_of_val(&**self) + (**self).heap_bytes()
    }
}

impl<T: HeapBytes> HeapBytes for Vec<T> {
    fn heap_bytes(&self) -> usize {
        vec_bytes(self) + self.as_slice().heap_bytes()
    }
}

impl<T: HeapBytes> HeapBytes for Option<T> {
    fn heap_bytes(&self) -> usize {
        self.as_ref().map_or(0, HeapBytes::heap_bytes)
    }
}

/// What a vector owns if its elements own nothing.
pub fn vec_bytes<T>(vec: &Vec<T>) -> usize {
    vec.capacity() * size_of::<T>()
}

/// What a hash table of the standard library owns if its entries own nothing, `entry` being keys and values.
pub fn table_bytes<Entry>(capacity: usize) -> usize {
    // Up to seven eighths of the buckets are used, and each has a byte of its own.
    (capacity * 8).div_ceil(7) * (size_of::<Entry>() + 1)
}
