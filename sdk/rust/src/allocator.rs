//! The guest's global allocator.
//!
//! An instance lives for one call, and `memory.grow` costs it two system calls that take
//! the host process's memory-map lock: with several threads that is more than the whole
//! decision. So memory comes from an arena in static data, which is part of the memory an
//! instance starts with, and only what does not fit there comes from the growing heap.

#![allow(unsafe_code, reason = "an allocator is unsafe by its trait")]

use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::{Cell, UnsafeCell};
use std::mem::MaybeUninit;
use std::ptr;

/// Room for a decision about some 50 items and 50 effects, lifted and lowered.
#[cfg(target_arch = "wasm32")]
const ARENA_BYTES: usize = 96 * 1024;

#[cfg(all(target_arch = "wasm32", target_feature = "atomics"))]
compile_error!("the arena is for guests with one thread");

#[cfg(target_arch = "wasm32")]
#[global_allocator]
static ALLOCATOR: Arena<ARENA_BYTES> = Arena::new();

/// Hands out its bytes in order. Only the last block can grow, or be taken back: that is
/// what a `Vec` being filled and a temporary string need, and more would cost a free list.
#[repr(align(16))]
struct Arena<const BYTES: usize> {
    bytes: UnsafeCell<[MaybeUninit<u8>; BYTES]>,
    used: Cell<usize>,
}

// SAFETY: a wasm32 guest without atomics has one thread, checked above.
#[cfg(target_arch = "wasm32")]
unsafe impl<const BYTES: usize> Sync for Arena<BYTES> {}

impl<const BYTES: usize> Arena<BYTES> {
    const fn new() -> Self {
        Self {
            bytes: UnsafeCell::new([const { MaybeUninit::uninit() }; BYTES]),
            used: Cell::new(0),
        }
    }

    fn start(&self) -> *mut u8 {
        self.bytes.get().cast()
    }

    /// Where in the arena the block begins; none if it came from the heap.
    fn offset_of(&self, block: *mut u8) -> Option<usize> {
        let offset = block.addr().wrapping_sub(self.start().addr());
        (offset < BYTES).then_some(offset)
    }
}

// SAFETY: a block of the arena lies between an aligned offset and the new `used`, both
// within `bytes`, and `used` only ever goes back to the start or the end of the last block:
// so blocks in use never overlap. Every other block is the system allocator's from its
// allocation on, and `offset_of` tells the two apart by address. A block of size 0 is never
// asked for, so no block of the heap begins where the arena ends and none shares an offset.
unsafe impl<const BYTES: usize> GlobalAlloc for Arena<BYTES> {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        let base = self.start();
        let free = base.addr() + self.used.get();
        let offset = free.next_multiple_of(layout.align()) - base.addr();
        match offset.checked_add(layout.size()) {
            Some(end) if end <= BYTES => {
                self.used.set(end);
                // SAFETY: `offset` is at most `end`, which lies within `bytes`.
                unsafe { base.add(offset) }
            }
            // SAFETY: the caller's promise about `layout` is passed on.
            _ => unsafe { System.alloc(layout) },
        }
    }

    unsafe fn dealloc(&self, block: *mut u8, layout: Layout) {
        match self.offset_of(block) {
            Some(offset) if offset + layout.size() == self.used.get() => self.used.set(offset),
            Some(_) => {}
            // SAFETY: a block outside the arena came from `System`, with this layout.
            None => unsafe { System.dealloc(block, layout) },
        }
    }

    unsafe fn realloc(&self, block: *mut u8, layout: Layout, new_size: usize) -> *mut u8 {
        let Some(offset) = self.offset_of(block) else {
            // SAFETY: a block outside the arena came from `System`, with this layout.
            return unsafe { System.realloc(block, layout, new_size) };
        };
        let is_last = offset + layout.size() == self.used.get();
        if is_last && new_size <= BYTES - offset {
            self.used.set(offset + new_size);
            return block;
        }
        if new_size <= layout.size() {
            return block;
        }
        // SAFETY: the caller promises that `new_size` is a valid size at this alignment.
        let new_block =
            unsafe { self.alloc(Layout::from_size_align_unchecked(new_size, layout.align())) };
        if !new_block.is_null() {
            // SAFETY: the old block has `layout.size()` bytes, the new one more, and they
            // do not overlap, since the old one is still in use.
            unsafe { ptr::copy_nonoverlapping(block, new_block, layout.size()) };
        }
        new_block
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SMALL: usize = 256;

    fn layout(size: usize, align: usize) -> Layout {
        Layout::from_size_align(size, align).unwrap()
    }

    #[test]
    fn last_block_grows_where_it_stands() {
        let arena = Arena::<SMALL>::new();
        // SAFETY: blocks are used within their size and given back with their layout.
        unsafe {
            let block = arena.alloc(layout(8, 8));
            let grown = arena.realloc(block, layout(8, 8), 200);
            assert_eq!(block, grown);
            assert_eq!(arena.used.get(), 200);
            arena.dealloc(grown, layout(200, 8));
            assert_eq!(arena.used.get(), 0);
        }
    }

    #[test]
    fn earlier_block_moves_with_its_bytes() {
        let arena = Arena::<SMALL>::new();
        // SAFETY: blocks are used within their size and given back with their layout.
        unsafe {
            let first = arena.alloc(layout(4, 1));
            first.copy_from(b"abcd".as_ptr(), 4);
            let second = arena.alloc(layout(4, 4));
            let moved = arena.realloc(first, layout(4, 1), 16);
            assert!(moved > second);
            assert_eq!(std::slice::from_raw_parts(moved, 4), b"abcd");
        }
    }

    #[test]
    fn what_does_not_fit_comes_from_the_heap_and_returns_there() {
        let arena = Arena::<SMALL>::new();
        // SAFETY: blocks are used within their size and given back with their layout.
        unsafe {
            let inside = arena.alloc(layout(SMALL - 8, 1));
            inside.write_bytes(7, SMALL - 8);
            let outside = arena.alloc(layout(64, 8));
            assert!(arena.offset_of(outside).is_none());
            let outside = arena.realloc(outside, layout(64, 8), 4096);
            arena.dealloc(outside, layout(4096, 8));
            let grown = arena.realloc(inside, layout(SMALL - 8, 1), SMALL + 1);
            assert!(arena.offset_of(grown).is_none());
            assert_eq!(std::slice::from_raw_parts(grown, SMALL - 8), [7; SMALL - 8]);
            arena.dealloc(grown, layout(SMALL + 1, 1));
        }
    }

    #[test]
    fn blocks_are_aligned() {
        let arena = Arena::<SMALL>::new();
        for align in [1, 2, 4, 8, 16, 32] {
            // SAFETY: the block is not used.
            let block = unsafe { arena.alloc(layout(1, align)) };
            assert_eq!(block.addr() % align, 0);
        }
    }
}
