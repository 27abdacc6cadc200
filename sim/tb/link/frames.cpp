// frame_receiver finds in golden streams exactly what the host's parser finds, however many bytes come at once; frame_sender writes golden frames word for
// word, without a pause inside a frame when nothing holds it up.
#include <fstream>
#include <sstream>
#include <vector>
#include "Vframes_bench.h"
#include "tb.hpp"

using Bytes = std::vector<uint8_t>;

static Bytes from_hex(const std::string& text) {
  Bytes bytes;
  for (std::size_t i = 0; i + 1 < text.size(); i += 2) bytes.push_back(uint8_t(std::stoul(text.substr(i, 2), nullptr, 16)));
  return bytes;
}

struct Found {
  bool good;
  Bytes header, payload;
  bool operator==(const Found&) const = default;
};

int main(int argc, char** argv) {
  tb::Bench<Vframes_bench> bench(argc, argv);
  auto& dut = *bench.dut;
  std::vector<Bytes> frames;
  std::vector<std::pair<Bytes, std::vector<Found>>> streams;
  std::ifstream file("sim/vectors/link.txt");
  for (std::string line; std::getline(file, line);) {
    std::istringstream words(line);
    std::string kind, first, second, third;
    words >> kind >> first >> second >> third;
    if (kind == "frame") frames.push_back(from_hex(first));
    if (kind == "stream") streams.push_back({from_hex(first), {}});
    if (kind == "found") streams.back().second.push_back({first == "1", from_hex(second), from_hex(third)});
  }
  bench.check(frames.size() >= 50 && streams.size() >= 100, "only %zu frames and %zu streams", frames.size(), streams.size());

  dut.count_i = dut.send_valid_i = dut.sent_ready_i = 0;
  bench.reset();
  std::vector<Found> found;
  Bytes payload;
  auto receive = [&](unsigned count, const uint8_t* bytes) {
    dut.count_i = count;
    dut.bytes_i = uint32_t(bench.random.next());
    std::memcpy(&dut.bytes_i, bytes, count);
    bench.settle();
    if (dut.word_valid_o) {
      bench.check(dut.word_index_o == payload.size() / 4, "word %u after %zu bytes", unsigned(dut.word_index_o), payload.size());
      for (unsigned i = 0; i < 4; ++i) payload.push_back(uint8_t(dut.word_o >> (8 * i)));
    }
    bench.tick();
    dut.count_i = 0;
    bench.settle();
    if (dut.frame_o) {
      Found one{bool(dut.good_o), Bytes(12), payload};
      std::memcpy(one.header.data(), &dut.header_o, 12);
      found.push_back(one);
      payload.clear();
    }
  };
  /* How many bytes come in a cycle: always one, always four, or any number. */
  for (auto [least, most] : {std::pair{1u, 1u}, std::pair{4u, 4u}, std::pair{0u, 4u}}) {
    /* As the parser that wrote the vectors, the receiver goes from one stream into the next. */
    bench.reset(2);
    payload.clear();
    for (std::size_t s = 0; s < streams.size(); ++s) {
      found.clear();
      const Bytes& stream = streams[s].first;
      for (std::size_t at = 0; at < stream.size();) {
        unsigned count = unsigned(std::min<std::size_t>(least + bench.random.below(most - least + 1), stream.size() - at));
        receive(count, &stream[at]);
        at += count;
      }
      receive(0, nullptr);
      bench.check(found == streams[s].second, "stream %zu, %u to %u bytes at once: %zu frames found, %zu expected, or another content", s, least, most,
                  found.size(), streams[s].second.size());
    }
  }

  for (unsigned stalls : {0u, 60u})
    for (const Bytes& frame : frames) {
      std::memcpy(&dut.send_header_i, &frame[4], 12);
      dut.send_is_gap_i = bench.random.chance(20);
      Bytes expected = dut.send_is_gap_i ? Bytes(20, 0) : frame, sent;
      dut.send_valid_i = 1;
      bench.settle();
      bench.check(dut.send_ready_o, "not ready between frames");
      uint64_t began = bench.cycles;
      while (sent.size() < expected.size()) {
        dut.sent_ready_i = !bench.random.chance(stalls);
        bench.settle();
                if (dut.sent_valid_o && dut.sent_ready_i) for (unsigned i = 0; i < 4; ++i) sent.push_back(uint8_t(dut.sent_word_o >> (8 * i)));
        unsigned index = dut.send_index_o;
        bench.tick();
        /* The header may change once it is taken; a word comes a cycle after its index. */
        dut.send_valid_i = 0;
        for (auto& word : dut.send_header_i.m_storage) word = uint32_t(bench.random.next());
        dut.send_word_i = 0;
        for (unsigned i = 0; i < 4 && 20 + 4 * index + i < frame.size(); ++i) dut.send_word_i |= uint32_t(frame[20 + 4 * index + i]) << (8 * i);
        bench.check(bench.cycles - began < 10000, "the frame never ends");
      }
      bench.check(sent == expected, "the frame differs");
      bench.check(stalls || bench.cycles - began == expected.size() / 4 + 1, "%zu bytes took %llu cycles", expected.size(), (unsigned long long)(bench.cycles - began));
      dut.sent_ready_i = 0;
      bench.settle();
      bench.check(!dut.sent_valid_o, "a word too many");
    }
  return bench.finish();
}
