-- The sieve of Eratosthenes, again and again: sieve.c0.
local is_composite = {}

-- How many primes there are below 100000.
local function count_primes()
  local i = 0
  while i < 100000 do
    is_composite[i] = false
    i = i + 1
  end
  local count = 0
  i = 2
  while i < 100000 do
    if not is_composite[i] then
      count = count + 1
      local multiple = i + i
      while multiple < 100000 do
        is_composite[multiple] = true
        multiple = multiple + i
      end
    end
    i = i + 1
  end
  return count
end

local function main()
  local total = 0
  local round = 0
  while round < 200 do
    total = total + count_primes()
    round = round + 1
  end
  return total
end

print(main())
