/* link_top's pins, and what they can be soldered to. */
#pragma once
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <deque>

namespace cosim {

/* A pin that the front does not have rests. */
struct LinkPins {
  bool uart_rx = true, uart_tx = true;
  bool fifo_rxf_n = true, fifo_txe_n = true;
  uint32_t fifo_in = 0, fifo_out = 0;
  uint8_t fifo_in_be = 0, fifo_out_be = 0;
  bool fifo_oe_n = true, fifo_rd_n = true, fifo_wr_n = true, fifo_data_oe = false;
};

/* Bytes on their way to the card and from it. */
using Bytes = std::deque<uint8_t>;

/* What the card's pins are soldered to. */
class Peer {
 public:
  virtual ~Peer() = default;
  Bytes to_card, from_card;
  /* One cycle of the link's clock: before its edge with what the card drives, then with what it is to see at the next one. */
  virtual void edge(LinkPins& pins) = 0;
  /* Whether something is on the wires. */
  virtual bool busy(const LinkPins& pins) const = 0;
};

/* The other end of a serial line: 8 data bits, one stop bit, without a pause while there are bytes. */
class UartPeer : public Peer {
 public:
  explicit UartPeer(unsigned clocks_per_bit) : clocks_per_bit_(clocks_per_bit) {}
  void edge(LinkPins& pins) override {
    receive(pins.uart_tx);
    if (send_left_ == 0 && !to_card.empty()) {
      shift_ = 0x200u | unsigned(to_card.front()) << 1;
      to_card.pop_front();
      send_left_ = 10 * clocks_per_bit_;
    }
    pins.uart_rx = send_left_ == 0 || (shift_ >> ((10 * clocks_per_bit_ - send_left_) / clocks_per_bit_) & 1);
    send_left_ -= send_left_ != 0;
  }
  bool busy(const LinkPins& pins) const override { return send_left_ != 0 || receive_at_ != 0 || !pins.uart_tx || !to_card.empty(); }

 private:
  void receive(bool line) {
    if (receive_at_ == 0) {
      if (line) return;
      byte_ = 0;
    }
    if (receive_at_ % clocks_per_bit_ == clocks_per_bit_ / 2) {
      unsigned bit = receive_at_ / clocks_per_bit_;
      if (bit >= 1 && bit <= 8) byte_ |= unsigned(line) << (bit - 1);
      if (bit == 9) {
        if (line) from_card.push_back(uint8_t(byte_));
        receive_at_ = 0;
        return;
      }
    }
    ++receive_at_;
  }

  unsigned clocks_per_bit_, shift_ = 0, send_left_ = 0, receive_at_ = 0, byte_ = 0;
};

/* A USB chip's synchronous FIFO: an FT245 of one byte, an FT601 of four with byte enables. A transfer takes place at an edge with both of its
   strobes low; a word is partial only when no more has come. */
class ChipPeer : public Peer {
 public:
  explicit ChipPeer(unsigned bytes) : bytes_(bytes) {}
  /* What the chip holds for a host that does not fetch it. */
  std::size_t room = ~std::size_t{0};
  /* The chip has lost its host: it shows nothing and takes nothing. */
  bool unplugged = false;

  void edge(LinkPins& pins) override {
    unsigned count = unsigned(std::min<std::size_t>(bytes_, to_card.size()));
    pins.fifo_rxf_n = unplugged || count == 0;
    pins.fifo_txe_n = unplugged || from_card.size() + bytes_ > room;
    pins.fifo_in = 0;
    pins.fifo_in_be = uint8_t((1u << count) - 1);
    for (unsigned i = 0; i < count; ++i) pins.fifo_in |= uint32_t(to_card[i]) << (8 * i);
    if (!pins.fifo_rd_n && !pins.fifo_rxf_n) to_card.erase(to_card.begin(), to_card.begin() + count);
    if (!pins.fifo_wr_n && !pins.fifo_txe_n) {
      for (unsigned i = 0; i < bytes_; ++i)
        if ((pins.fifo_out_be >> i) & 1) from_card.push_back(uint8_t(pins.fifo_out >> (8 * i)));
    }
  }
  bool busy(const LinkPins& pins) const override { return !unplugged && (!to_card.empty() || (!pins.fifo_wr_n && from_card.size() + bytes_ <= room)); }

 private:
  unsigned bytes_;
};

}  // namespace cosim
