/* Starts a test, ends it with a word to the bench (0x5555: passed; 0x3333 and the number of the case above it: failed, as QEMU's virt board has
   it), and carries out loads and stores that are not aligned, which the core traps: rv32ui's ma_data asks for them, and lets the environment do
   it. Any other trap fails. */
#define FINISHER 0x100000
#define FRAME 128

.section .text.start, "ax"
.globl _start
_start:
  la t0, trap
  csrw mtvec, t0
  la t0, stack_top
  csrw mscratch, t0
  .irp r, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31
  li x\r, 0
  .endr
  j test_begin

.globl environment_pass, environment_fail
environment_pass:
  li a0, 0x5555
  j finish
environment_fail:
  slli a0, gp, 16
  li a1, 0x3333
  or a0, a0, a1
finish:
  li a1, FINISHER
  sw a0, 0(a1)
1:
  j 1b

.balign 4
trap:
  csrrw sp, mscratch, sp
  addi sp, sp, -FRAME
  .irp r, 1, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31
  sw x\r, 4*\r(sp)
  .endr
  sw zero, 0(sp)
  csrr t0, mscratch
  sw t0, 8(sp)
  csrr t0, mcause
  li t1, 4
  beq t0, t1, misaligned
  li t1, 6
  beq t0, t1, misaligned
  j environment_fail

/* t0 instruction, t1 address, t2 bytes, t3 value, t4 bit position. */
misaligned:
  csrr t0, mepc
  addi t1, t0, 4
  csrw mepc, t1
  lw t0, 0(t0)
  csrr t1, mtval
  srli t2, t0, 12
  andi t2, t2, 3
  li t3, 1
  sll t2, t3, t2
  andi t5, t0, 0x20
  bnez t5, store
  li t3, 0
  li t4, 0
1:
  lbu t5, 0(t1)
  sll t5, t5, t4
  or t3, t3, t5
  addi t1, t1, 1
  addi t4, t4, 8
  addi t2, t2, -1
  bnez t2, 1b
  /* A signed half: the words of LH, LHU and LW differ in bits 14 and 13. */
  srli t5, t0, 12
  andi t5, t5, 7
  li t6, 1
  bne t5, t6, 2f
  slli t3, t3, 16
  srai t3, t3, 16
2:
  srli t5, t0, 5
  andi t5, t5, 0x7c
  beqz t5, restore
  add t5, t5, sp
  sw t3, 0(t5)
  j restore
store:
  srli t5, t0, 18
  andi t5, t5, 0x7c
  add t5, t5, sp
  lw t3, 0(t5)
1:
  sb t3, 0(t1)
  srli t3, t3, 8
  addi t1, t1, 1
  addi t2, t2, -1
  bnez t2, 1b
restore:
  .irp r, 1, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31
  lw x\r, 4*\r(sp)
  .endr
  addi sp, sp, FRAME
  csrrw sp, mscratch, sp
  mret

.bss
.balign 16
.space 512
stack_top:
