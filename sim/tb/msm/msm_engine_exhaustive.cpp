// msm_engine, its adder played by the bench: every short sum on tiny curves.
#include "Vmsm_engine_top.h"
#include "msm_exhaustive.hpp"

int main(int argc, char** argv) { return msm::exhaustive<Vmsm_engine_top>(argc, argv); }
